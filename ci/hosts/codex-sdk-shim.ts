/** A package that stands in for the official SDK below a dependency that asks for it; docs/from-codex-sdk.md shows the same files. */
export const shim: Readonly<Record<string, string>> = {
  'codex-sdk/package.json': `{
  "name": "@openai/codex-sdk",
  "version": "0.163.0",
  "type": "module",
  "exports": { ".": { "types": "./index.d.ts", "default": "./index.js" } }
}
`,
  'codex-sdk/index.js': "export * from 'twinproof/exec';\n",
  'codex-sdk/index.d.ts': "export * from 'twinproof/exec';\n",
};

/** What makes npm take it, in the program's own package.json. */
export const overrides = { '@openai/codex-sdk': 'file:./codex-sdk' };
