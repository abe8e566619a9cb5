// Loaded by `NODE_OPTIONS=--import` in the engine's place: says 400,000 events of 120 bytes and ends.
const event = { type: 'item.updated', item: { id: 'item_0', type: 'agent_message', text: '' } };
event.item.text = 'x'.repeat(119 - JSON.stringify(event).length);
const lines = `${JSON.stringify(event)}\n`.repeat(1000);
for (let count = 0; count < 400; count += 1) await new Promise((resolve) => process.stdout.write(lines, resolve));
process.exit(0);
