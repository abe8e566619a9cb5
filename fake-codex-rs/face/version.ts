/** Set by the bundler from `native/engine.lock.json`; absent where the source runs unbundled. */
declare const BUNDLED_ENGINE_VERSION: string | undefined;

/** The engine version that the fake claims where its options name none. */
export const bundledEngineVersion: string =
  typeof BUNDLED_ENGINE_VERSION === 'string' ? BUNDLED_ENGINE_VERSION : '0.0.0';
