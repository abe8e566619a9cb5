/**
 * Which engines: the pin, the rest of the window, and the installation that was verified to be one of them. The modules
 * are plain JavaScript with checked types, because set-up uses them before any package is installed.
 */
export { EngineError } from './engine-error.mjs';
export { type EngineBuild, type EngineBuilds, type EngineLock, lockedBuild, readEngineLock } from './engine-lock.mjs';
export { fetchEngine, fetchPublishedEngine } from './fetch-engine.mjs';
export { type PlatformKey, platformKey, platformKeys } from './platform.mjs';
export { type EngineInstall, type ResolveOptions, resolveEngine } from './resolve-engine.mjs';
export { venvPython } from './venv.mjs';
