/**
 * What the engine calls read, list or search is a guess for its display: `find . -delete`, `rg x | xargs rm`, `cat a | tee b` and
 * `sed … | sort -o b` all get such names. So each program of a command must be one of these too, with options that neither write nor start anything.
 */

type Judge = (args: readonly string[]) => boolean;

const anyOptions: Judge = () => true;

/** Short options alone or together (`-rn`), long ones with or without a value. */
function only(short: string, long: readonly string[] = []): Judge {
  const letters = new RegExp(`^-[${short}]+$`);
  return (args) =>
    args.every((one) => !one.startsWith('-') || letters.test(one) || long.includes(one.replace(/=.*$/, '')));
}

const findTests = (
  '-name -iname -path -ipath -regex -iregex -type -maxdepth -mindepth -size -empty -newer -mtime -mmin -atime -ctime -perm -user -group ' +
  '-not -a -and -o -or -prune -print -print0 -L -H -P -xdev -mount -depth'
).split(' ');

const searchOptions = (
  '--line-number --no-line-number --ignore-case --smart-case --fixed-strings --word-regexp --count --files --files-with-matches ' +
  '--files-without-match --hidden --no-ignore --glob --iglob --type --type-not --context --after-context --before-context --max-count --max-depth ' +
  '--no-heading --heading --only-matching --invert-match --sort --color --vimgrep --multiline --json --stats --follow --regexp --column'
).split(' ');

const programs: Readonly<Record<string, Judge>> = {
  ...{
    cat: anyOptions,
    head: anyOptions,
    tail: anyOptions,
    nl: anyOptions,
    wc: anyOptions,
    cut: anyOptions,
    tr: anyOptions,
  },
  ...{
    ls: anyOptions,
    pwd: anyOptions,
    cd: anyOptions,
    true: anyOptions,
    echo: anyOptions,
    du: anyOptions,
    stat: anyOptions,
  },
  ...{ grep: anyOptions, egrep: anyOptions, fgrep: anyOptions },
  // Not `--pre`, `--hostname-bin` and `-z`, which start programs.
  rg: only('nNiSFwclgtTABCmovsUuLeHI0-9', searchOptions),
  find: (args) => args.every((one) => !one.startsWith('-') || findTests.includes(one)),
  // Not `-x` and `-X`, which start programs.
  fd: only('HIuiFapgLdteE0-9', [
    '--hidden',
    '--no-ignore',
    '--type',
    '--extension',
    '--glob',
    '--max-depth',
    '--exclude',
  ]),
  // Not `-o` and `-R`, which write files.
  tree: only('adfhspDLiCP0-9', ['--noreport', '--dirsfirst', '--du']),
  // Not `-o`, `-T` and `--compress-program`; GNU takes `--outp` for `--output`.
  sort: only('bdfghiMnrRuVkt0-9,.'),
  sed: ([quiet, lines = '', ...files]) =>
    quiet === '-n' && /^\d+(,\d+)?p$/.test(lines) && files.every((one) => !one.startsWith('-')),
};

/** Whether these commands read and do no more, as far as this table knows. */
export function readsOnly(commands: readonly (readonly string[])[]): boolean {
  return commands.every(([name = '', ...args]) => Object.hasOwn(programs, name) && programs[name]?.(args) === true);
}
