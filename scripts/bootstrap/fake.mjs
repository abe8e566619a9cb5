// @ts-check
import { buildFake, fakeIsFresh } from '../build-fake.mjs';

/** The bundled fake engine, made from its sources with the installed packages. @type {import('./bootstrap.mjs').Step} */
export const fakeStep = {
  isReady: ({ root }) => fakeIsFresh(root),

  async make({ root, log }) {
    log('Building the fake engine …');
    await buildFake(root);
  },
};
