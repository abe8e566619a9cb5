/** Warns the program, and says how the warning is silenced. @param text one or more sentences */
export function warn(code: string, text: string): void {
  const silence = `Silence this with NODE_OPTIONS=--disable-warning=${code}.`;
  process.emitWarning(`${text} ${silence}`, { type: 'TwinproofWarning', code });
}
