import { mkdir, writeFile } from 'node:fs/promises';
import { dirname, join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { expectedGot } from '../../native/expected-got.mjs';
import { engineConfig } from '../../testing/model/engine-config.ts';
import { pathInside } from '../data/path-inside.ts';
import type { CellPaths } from '../observation/types.ts';
import type { Scenario } from '../scenario/types.ts';

const mcpServer = fileURLToPath(new URL('programs/mcp-server.mjs', import.meta.url));

/**
 * Writes the run's CODEX_HOME: the scenario's files, and config.toml with the scenario's lines after those of the
 * harness.
 * @throws Error if a file leads outside or is config.toml, or contains an unknown placeholder
 */
export async function writeHome(paths: CellPaths, { home, config }: Scenario, modelUrl: string): Promise<void> {
  for (const [file, content] of Object.entries(home ?? {})) {
    const path = pathInside(paths.codexHome, file);
    if (file === 'config.toml')
      throw new Error(
        expectedGot('writing CODEX_HOME', "the lines of config.toml in the scenario's config", 'a file in its home'),
      );
    await mkdir(dirname(path), { recursive: true });
    await writeFile(path, fillPlaces(content, paths, modelUrl));
  }
  await writeFile(
    join(paths.codexHome, 'config.toml'),
    engineConfig(modelUrl, config && fillPlaces(config, paths, modelUrl)),
  );
}

/** Fills in `${workspace}` and so on in a scenario's text: absolute paths for the engine, and the model's URL. */
function fillPlaces(text: string, paths: CellPaths, model: string): string {
  const places: Record<string, string> = {
    workspace: paths.workspace,
    codexHome: paths.codexHome,
    node: process.execPath,
    mcp: mcpServer,
    model,
  };
  return text.replace(/\$\{([A-Za-z]+)\}/g, (_, name: string) => {
    const place = places[name];
    if (place === undefined)
      throw new Error(expectedGot('writing CODEX_HOME', `one of ${Object.keys(places).join(', ')}`, `\${${name}}`));
    // TOML and JSON write a backslash twice, and Windows paths contain some.
    return place.replaceAll('\\', '\\\\');
  });
}
