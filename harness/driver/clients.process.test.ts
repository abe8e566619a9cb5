import { existsSync } from 'node:fs';
import path from 'node:path';
import { expect, test } from 'vitest';
import { venvPython } from '../../native/index.ts';
import { capabilitiesOf, clientIds, clientTable } from '../clients/clients.ts';
import { baseEnv } from '../engine/cell-env.ts';
import { DriverProcess } from './driver-process.ts';
import { bundledCommand, driverCommand } from './driver-registry.ts';

const python = venvPython(path.join(import.meta.dirname, '..', '..'));
const there = clientIds.filter((id) => clientTable[id].language !== 'python' || existsSync(python));

const commands = { 'from its sources': driverCommand, bundled: bundledCommand };
const each = there.flatMap((id) => Object.entries(commands).map(([how, command]) => ({ id, how, command })));

test.each(each)('$id can do what the table of clients says, and no more: $how', async ({ id, command }) => {
  const driver = new DriverProcess({ ...(await command(id, { python })), env: baseEnv() });
  try {
    const { client, capabilities } = await driver.start();
    expect({ client, capabilities: [...capabilities].sort() }).toEqual({
      client: id,
      capabilities: capabilitiesOf(id).sort(),
    });
  } finally {
    await driver.close();
  }
});
