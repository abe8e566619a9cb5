import { commonJsProgram, type Host, module, program, said } from './host.ts';

/** A bundle in one file, run from `dist`. */
const esbuild = (id: string, title: string, file: string, text: string, format: 'esm' | 'cjs'): Host => ({
  id,
  title,
  packages: { esbuild: '0.28.2' },
  files: { [file]: text },
  steps: [
    `node_modules/.bin/esbuild ${file} --bundle --platform=node --format=${format} --outfile=dist/${file} --log-level=error`,
    `node dist/${file}`,
  ],
  expect: said,
});

/** A bundle of the one program, with more of webpack's configuration. `steps` come after the build. */
const webpack = (id: string, title: string, file: 'app.mjs' | 'app.cjs', config: string, ...steps: string[]): Host => ({
  id,
  title: `a bundle of webpack 5${title}`,
  packages: { webpack: '5.113.0', 'webpack-cli': '7.3.1' },
  files: {
    [file]: file === 'app.mjs' ? program : commonJsProgram,
    'webpack.config.cjs': `const { resolve } = require('node:path');
module.exports = { mode: 'production', target: 'node20', entry: './${file}', output: { path: resolve('dist') }, ...${config} };\n`,
  },
  steps: ['node_modules/.bin/webpack', ...steps],
  expect: said,
});
const asModule = `{ experiments: { outputModule: true }, output: { path: resolve('dist'), filename: 'app.mjs', module: true } }`;

/** Programs in one file. */
export const bundlers: readonly Host[] = [
  esbuild('esbuild', 'a bundle of esbuild, as an ES module', 'app.mjs', program, 'esm'),
  esbuild('esbuild-cjs', 'a bundle of esbuild, as CommonJS', 'app.cjs', commonJsProgram, 'cjs'),
  webpack('webpack', ', as an ES module', 'app.mjs', asModule, 'node dist/app.mjs'),
  webpack('webpack-cjs', ', as CommonJS', 'app.cjs', '{}', 'node dist/main.js'),
  webpack(
    'webpack-dev',
    ' for development, whose modules are evaluated texts',
    'app.cjs',
    `{ mode: 'development' }`,
    'node dist/main.js',
  ),
  webpack(
    'webpack-moved',
    ', in another folder than it was built in, with the packages beside it',
    'app.mjs',
    asModule,
    'mkdir -p moved/app moved/node_modules',
    'mv dist moved/app/dist',
    'mv node_modules/@openai moved/node_modules/@openai',
    'node moved/app/dist/app.mjs',
  ),
  {
    id: 'ncc',
    title: 'a file of ncc',
    packages: { '@vercel/ncc': '0.45.0' },
    files: { 'app.mjs': program },
    steps: ['node_modules/.bin/ncc build app.mjs -o dist', 'node dist/index.mjs'],
    expect: said,
  },
  {
    id: 'vite-ssr',
    title: 'a server build of Vite, our package inside of it',
    packages: { vite: '8.3.8' },
    files: {
      'app.mjs': program,
      'vite.config.mjs': `export default { ssr: { noExternal: true }, build: { ssr: 'app.mjs', target: 'node20' } };\n`,
    },
    steps: ['node_modules/.bin/vite build', 'node dist/app.js'],
    manifest: { type: 'module' },
    expect: said,
  },
  {
    id: 'next',
    title: 'a route of a server built by Next.js',
    packages: { next: '16.4.6', react: '19.3.1', 'react-dom': '19.3.1' },
    files: {
      'lib/work.mjs': module,
      'app/layout.js': 'export default ({ children }) => <html><body>{children}</body></html>;\n',
      'app/api/route.js': `
import { work } from '../../lib/work.mjs';
export const dynamic = 'force-dynamic';
export async function GET() { return new Response(await work()); }\n`,
      // The server's own words say when it listens.
      'ask.mjs': `
import { spawn } from 'node:child_process';
import { once } from 'node:events';
const server = spawn(process.execPath, ['node_modules/next/dist/bin/next', 'start', '-H', '127.0.0.1', '-p', '0'], { stdio: ['ignore', 'pipe', 'inherit'] });
let text = '';
for await (const chunk of server.stdout) {
  text += chunk;
  const [address] = /http:\\/\\/127\\.0\\.0\\.1:\\d+/.exec(text) ?? [];
  if (address && text.includes('Ready')) { console.log(await (await fetch(address + '/api')).text()); break; }
}
server.kill();
await once(server, 'exit');\n`,
    },
    steps: ['node_modules/.bin/next build', 'node ask.mjs'],
    expect: said,
  },
];
