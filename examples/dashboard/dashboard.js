/** What a screen shows: each thread's turn, its items, its text and what the engine waits for. */
export const empty = { threads: {}, questions: {} };

/** The next picture after an event of `codex.events()`. */
export function reduce(picture, event) {
  if ('id' in event) {
    const { threadId, itemId } = event.params ?? {};
    return { ...picture, questions: { ...picture.questions, [event.id]: { threadId, itemId, kind: event.method } } };
  }
  const { method, payload } = event;
  if (method === 'serverRequest/resolved') {
    const { [payload.requestId]: _, ...questions } = picture.questions;
    return { ...picture, questions };
  }
  if (typeof payload.threadId !== 'string') return picture;
  const thread = picture.threads[payload.threadId] ?? { state: 'idle', items: {}, text: '' };
  const next = ofThread(thread, method, payload);
  return next === thread ? picture : { ...picture, threads: { ...picture.threads, [payload.threadId]: next } };
}

function ofThread(thread, method, payload) {
  switch (method) {
    case 'turn/started':
      return { state: 'running', turnId: payload.turn.id, items: {}, text: '' };
    case 'turn/completed':
      return { ...thread, state: payload.turn.status };
    case 'item/started':
    case 'item/completed':
      return { ...thread, items: { ...thread.items, [payload.item.id]: { type: payload.item.type, method } } };
    case 'item/agentMessage/delta':
      return { ...thread, text: thread.text + payload.delta };
    default:
      return thread;
  }
}

/** Draws every picture until `signal` fires or the engine ends. */
export async function show(codex, draw, signal) {
  let picture = empty;
  for await (const event of codex.events({ signal })) {
    const next = reduce(picture, event);
    if (next !== picture) draw(next);
    picture = next;
  }
}
