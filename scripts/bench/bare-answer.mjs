// The least program that can answer: what Node itself costs.
let text = '';
process.stdin.on('data', (chunk) => {
  text += chunk;
  if (text.includes('\n')) process.stdout.write('{"id":1,"result":{}}\n');
});
