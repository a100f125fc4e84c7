import { CodedError } from '../../../contract/index.ts';
import { newId } from '../../newId.ts';
import { maxRequestsInFlight } from '../limits.ts';
import type { OwnerResponse } from '../Owners.ts';
import { busUnavailable, ownerNotFound } from '../ownerErrors.ts';
import type { RedisPublisher } from './RedisPublisher.ts';
import { channels } from './wire.ts';

interface InFlight {
  resolve: (response: OwnerResponse) => void;
  reject: (err: Error) => void;
}

/** The requests of this process that other processes have not answered. */
export class RedisRequests {
  readonly #publisher: RedisPublisher;
  readonly #processId: string;
  readonly #inFlight = new Map<string, InFlight>();

  constructor({ publisher, processId }: { publisher: RedisPublisher; processId: string }) {
    this.#publisher = publisher;
    this.#processId = processId;
  }

  /** `text`: the data as JSON. The caller calls `forget` when it no longer waits. @throws CodedError `server.busy` */
  send(address: string, text: string): { response: Promise<OwnerResponse>; forget: () => void } {
    if (this.#inFlight.size >= maxRequestsInFlight) throw new CodedError('server.busy', 'The servers are busy right now. Try again in a moment.');
    const requestId = newId('evt');
    const { promise, resolve, reject } = Promise.withResolvers<OwnerResponse>();
    this.#inFlight.set(requestId, { resolve, reject });
    const line = `{"requestId":"${requestId}","replyTo":"${this.#processId}","data":${text}}`;
    this.#publisher.send(channels.ofAddress(address), line).then(
      (owners) => {
        if (owners === 0) reject(ownerNotFound(address));
      },
      () => reject(busUnavailable()),
    );
    return { response: promise, forget: () => void this.#inFlight.delete(requestId) };
  }

  settle({ requestId, response }: { requestId: string; response: OwnerResponse }): void {
    this.#inFlight.get(requestId)?.resolve(response);
  }

  close(): void {
    for (const { reject } of this.#inFlight.values()) reject(busUnavailable());
  }
}
