import { commonJsProgram, type Host, module, program, said } from './host.ts';

const webpack = { webpack: '5.113.0', 'webpack-cli': '7.3.1' };
const webpackConfig = (more: string) =>
  `const { resolve } = require('node:path');
module.exports = { mode: 'production', target: 'node20', output: { path: resolve('dist') }, ...${more} };\n`;
const asModule = `{ entry: './app.mjs', experiments: { outputModule: true }, output: { path: resolve('dist'), filename: 'app.mjs', module: true } }`;

/** Programs in one file. */
export const bundlers: readonly Host[] = [
  {
    id: 'esbuild',
    title: 'a bundle of esbuild, as an ES module',
    packages: { esbuild: '0.28.2' },
    files: { 'app.mjs': program },
    steps: [
      'node_modules/.bin/esbuild app.mjs --bundle --platform=node --format=esm --outfile=dist/app.mjs --log-level=error',
      'node dist/app.mjs',
    ],
    expect: said,
  },
  {
    id: 'esbuild-cjs',
    title: 'a bundle of esbuild, as CommonJS',
    packages: { esbuild: '0.28.2' },
    files: { 'app.cjs': commonJsProgram },
    steps: [
      'node_modules/.bin/esbuild app.cjs --bundle --platform=node --outfile=dist/app.cjs --log-level=error',
      'node dist/app.cjs',
    ],
    expect: said,
  },
  {
    id: 'webpack',
    title: 'a bundle of webpack 5, as an ES module',
    packages: webpack,
    files: { 'app.mjs': program, 'webpack.config.cjs': webpackConfig(asModule) },
    steps: ['node_modules/.bin/webpack', 'node dist/app.mjs'],
    expect: said,
  },
  {
    id: 'webpack-cjs',
    title: 'a bundle of webpack 5, as CommonJS',
    packages: webpack,
    files: { 'app.cjs': commonJsProgram, 'webpack.config.cjs': webpackConfig(`{ entry: './app.cjs' }`) },
    steps: ['node_modules/.bin/webpack', 'node dist/main.js'],
    expect: said,
  },
  {
    id: 'webpack-dev',
    title: 'a bundle of webpack 5 for development, whose modules are evaluated texts',
    packages: webpack,
    files: {
      'app.cjs': commonJsProgram,
      'webpack.config.cjs': webpackConfig(`{ mode: 'development', entry: './app.cjs' }`),
    },
    steps: ['node_modules/.bin/webpack', 'node dist/main.js'],
    expect: said,
  },
  {
    id: 'webpack-moved',
    title: 'a bundle of webpack 5, in another folder than it was built in, with the packages beside it',
    packages: webpack,
    files: { 'app.mjs': program, 'webpack.config.cjs': webpackConfig(asModule) },
    steps: [
      'node_modules/.bin/webpack',
      'mkdir -p moved/app moved/node_modules',
      'mv dist moved/app/dist',
      'mv node_modules/@openai moved/node_modules/@openai',
      'node moved/app/dist/app.mjs',
    ],
    expect: said,
  },
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
