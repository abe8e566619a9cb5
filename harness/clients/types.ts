/** The clients that can stand in a cell (README). */
export type AppServerClientId = 'python' | 'python-async' | 'ts' | 'bare';
export type ExecClientId = 'python-exec' | 'ts-official' | 'ts-exec';
export type ClientId = AppServerClientId | ExecClientId;
export type EngineKind = 'real' | 'fake';
export type Family = 'app-server' | 'exec';

/**
 * What a client must be able to do for a scenario to apply to it; drivers declare theirs in `hello`.
 * - `sdk`: has threads, turns and handles as objects (every SDK; not `bare`)
 * - `rpc`: can send any method raw (`codex.request`)
 * - `cancel`: can cancel one waiting call (async clients)
 * - `server-requests`: can answer server requests with a given reply
 * - `error-replies`: can answer them with an error of the scenario's choice (no SDK lets a handler do that)
 */
export type Capability = 'sdk' | 'rpc' | 'cancel' | 'server-requests' | 'error-replies';
