/**
 * Which engines: the pin, the rest of the window, finding, installing and checking one. The modules
 * are plain JavaScript with checked types, because set-up uses them before any package is installed.
 */
export { checkEngine, type EngineCheck, type KnownEngine } from './check-engine.mjs';
export { EngineError } from './engine-error.mjs';
export { type EngineBuild, type EngineBuilds, type EngineLock, lockedBuild, readEngineLock } from './engine-lock.mjs';
export { fetchEngine, fetchPublishedEngine } from './fetch-engine.mjs';
export { type EngineSource, type FindOptions, type FoundEngine, findEngine } from './find-engine.mjs';
export { type Installed, type InstallOptions, type InstallStep, installEngine } from './install-engine.mjs';
export { type PlatformKey, platformKey, platformKeys } from './platform.mjs';
export { type EngineInstall, type ResolveOptions, resolveEngine } from './resolve-engine.mjs';
export { venvPython } from './venv.mjs';
