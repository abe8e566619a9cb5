/**
 * Which engine: the pin, and the install that was proven to be it.
 * The modules are plain JavaScript with checked types, because set-up uses them before any package is installed.
 */
export { EngineError } from './engine-error.mjs';
export { type EngineBuild, type EngineLock, lockedBuild, readEngineLock } from './engine-lock.mjs';
export { type PlatformKey, platformKey, platformKeys } from './platform.mjs';
export { type EngineInstall, type ResolveOptions, resolveEngine } from './resolve-engine.mjs';
export { venvPython } from './venv.mjs';
