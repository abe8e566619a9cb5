import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { expect, test } from 'vitest';

interface LockedPackage {
  integrity?: string;
  link?: boolean;
  optionalDependencies?: Record<string, string>;
  resolved?: string;
}

const root = join(import.meta.dirname, '..');
const packages: Record<string, LockedPackage> = JSON.parse(
  readFileSync(join(root, 'package-lock.json'), 'utf8'),
).packages;

/** Where Node finds `name` from a package at `path`: its own node_modules, then each one above. */
function locked(path: string, name: string): boolean {
  for (let at = path; ; at = at.slice(0, Math.max(0, at.lastIndexOf('/node_modules/')))) {
    if (packages[`${at === '' ? '' : `${at}/`}node_modules/${name}`] !== undefined) return true;
    if (at === '') return false;
  }
}

// npm ci refuses a lock that lacks another platform's optional package, which npm install leaves out when its registry does not have it.
test('the lock names the optional packages of every platform', () => {
  const missing = Object.entries(packages).flatMap(([path, { optionalDependencies = {} }]) =>
    Object.keys(optionalDependencies).filter((name) => !locked(path, name)),
  );
  expect(missing).toEqual([]);
});

/** Packages that no registry gives a hash for → the reason. npm installs them unseen. */
const withoutIntegrity: Readonly<Record<string, string>> = {};

// npm install leaves the hash out where its registry does not have the package, as it does for the builds of other platforms: npm view knows it.
test('every locked package is known by its hash, those of other platforms too', () => {
  const own = Object.entries(packages).filter(([path, { link }]) => path !== '' && link !== true);
  const unknown = own.filter(([, { integrity = '' }]) => !/^sha512-[A-Za-z0-9+/]{86}==$/.test(integrity));
  expect(unknown.map(([path]) => path.replace(/^.*node_modules\//, '')).sort()).toEqual(
    Object.keys(withoutIntegrity).sort(),
  );
  for (const reason of Object.values(withoutIntegrity)) expect(reason).toMatch(/\.$/);
});

test('the lock names no registry', () => {
  expect(Object.values(packages).filter(({ resolved }) => resolved !== undefined)).toEqual([]);
});

test('development packages are pinned exactly', () => {
  const { devDependencies } = JSON.parse(readFileSync(join(root, 'package.json'), 'utf8'));
  for (const version of Object.values(devDependencies)) expect(version).toMatch(/^(npm:[a-z-]+@)?\d+\.\d+\.\d+$/);
});
