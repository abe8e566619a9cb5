// @ts-check

/** Rust's targets that a container can build for, and the platform of the container. Alpine's own C library is musl, so nothing is cross-compiled in it. */
export const dockerPlatforms = /** @type {const} */ ({
  'x86_64-unknown-linux-musl': 'linux/amd64',
  'aarch64-unknown-linux-musl': 'linux/arm64',
});

/**
 * The call of docker that builds in a container; it mounts the tree, the target folder and a cache of crates.
 * @param {object} build
 * @param {string} build.tree
 * @param {string} build.targetFolder
 * @param {string} build.cargoHome
 * @param {string} build.channel
 * @param {keyof typeof dockerPlatforms} build.target
 * @param {readonly string[]} build.cargo the words of cargo
 * @param {{ uid: number, gid: number } | undefined} build.user who owns what is made
 * @returns {string[]} words after `docker`
 */
export function dockerCall({ tree, targetFolder, cargoHome, channel, target, cargo, user }) {
  const mount = (/** @type {string} */ source, /** @type {string} */ to) => [
    '--mount',
    `type=bind,source=${source},target=${to}`,
  ];
  return [
    ...['run', '--rm', '--init', '--platform', dockerPlatforms[target]],
    ...(user ? ['--user', `${user.uid}:${user.gid}`] : []),
    ...mount(tree, '/source'),
    ...mount(targetFolder, '/target'),
    ...mount(cargoHome, '/cargo'),
    ...['--env', 'CARGO_TARGET_DIR=/target', '--env', 'CARGO_HOME=/cargo', '--workdir', '/source/codex-rs'],
    `rust:${channel}-alpine`,
    ...['cargo', ...cargo],
  ];
}

/** As a person could type it. @param {readonly string[]} words */
export const asTyped = (words) =>
  words.map((word) => (/^[\w@%+=:,./-]+$/.test(word) ? word : `'${word.replaceAll("'", `'\\''`)}'`)).join(' ');
