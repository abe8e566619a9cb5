import { existsSync } from 'node:fs';
import { fileURLToPath } from 'node:url';
import { expect, test } from 'vitest';
import { clientIds } from '../clients/clients.ts';
import { driverCommand } from './driver-registry.ts';

test.each(clientIds)('%s has a program that exists', (client) => {
  const { args } = driverCommand(client, { python: 'python' });
  const program = args.find((arg) => arg.endsWith('.py') || arg.endsWith('.ts'));
  expect(program && existsSync(program)).toBe(true);
});

test('tsx is named by its address, so that any working directory will do', () => {
  const { args } = driverCommand('ts', { python: 'python' });
  expect(existsSync(fileURLToPath(args[args.indexOf('--import') + 1] ?? ''))).toBe(true);
});
