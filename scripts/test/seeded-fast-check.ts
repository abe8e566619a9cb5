// What `fast-check` is in tests (an alias in vitest.config.ts): property tests draw the same values in every run, so that a red run is red
// again. TWINPROOF_SEED draws others.

// By its path, since the alias would lead back here.
const real = new URL('../../node_modules/fast-check/lib/fast-check.js', import.meta.url).href;
const { default: fc }: typeof import('fast-check') = await import(real);

fc.configureGlobal({ seed: Number(process.env['TWINPROOF_SEED'] ?? 1) });

export default fc;
