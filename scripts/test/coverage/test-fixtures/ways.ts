export function way(name: string, times = 1): string {
  if (name === 'first') {
    return 'one';
  }
  if (times > 1) return 'many';
  else return name === 'third' ? 'three' : 'other';
}
process.stdout.write(
  process.argv
    .slice(2)
    .map((name) => way(name, name === 'many' ? 2 : undefined))
    .join(' '),
);
