/** The version of this package, and the default `clientVersion`. */
export const version = '0.1.0';
