import type { CodexConfig } from '../client/config.ts';
import { protocolVersion } from '../protocol/index.ts';
import { type MemoryPeer, memoryTransport } from '../transport/memory.ts';

/** A message on the wire, as a test looks at it. */
export interface WireMessage {
  id?: string;
  method?: string;
  params?: Record<string, unknown>;
  result?: unknown;
  error?: unknown;
}

/** An engine played by a test, line by line, within this process. */
export class MemoryEngine {
  /** One per connection that the client has made. */
  readonly peers: MemoryPeer[] = [];

  /** The client's configuration that leads here. */
  get config(): CodexConfig {
    return {
      transport: () => {
        const { transport, peer } = memoryTransport();
        this.peers.push(peer);
        return transport;
      },
    };
  }

  get peer(): MemoryPeer {
    const peer = this.peers.at(-1);
    if (!peer) throw new Error('the client has made no connection');
    return peer;
  }

  /** The client's next message. */
  async next(): Promise<WireMessage> {
    return JSON.parse(await this.peer.next()) as WireMessage;
  }

  /** Sends a message to the client. */
  send(message: object): void {
    this.peer.send(JSON.stringify(message));
  }

  notify(method: string, params: object): void {
    this.send({ method, params });
  }

  /** Answers the client's next message, which is returned. */
  async answer(result: unknown): Promise<WireMessage> {
    const request = await this.next();
    this.send({ id: request.id, result });
    return request;
  }

  /** Refuses the client's next message. */
  async refuse(code: number, message: string): Promise<void> {
    const { id } = await this.next();
    this.send({ id, error: { code, message } });
  }

  /** Answers `initialize`, and takes `initialized`. */
  async greet(userAgent = `engine/${protocolVersion}`): Promise<WireMessage> {
    const request = await this.answer({ userAgent });
    await this.next();
    return request;
  }
}
