import { readJson } from '../../../../testing/json/read-json.ts';

/** Takes each order from the IPC channel, and sends what it gave. Orders come as JSON: a copy would lose what a number is that no double holds. */
export function takeOrders<Order>(perform: (order: Order) => Promise<unknown>): void {
  process.on('message', (text: string) => void perform(readJson(text) as Order).then((done) => process.send?.(done)));
}
