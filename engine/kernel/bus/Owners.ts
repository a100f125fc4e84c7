import * as z from 'zod';
import { CodedError, errorCodes } from '../../contract/index.ts';
import type { Logger } from '../Logger.ts';
import { newId } from '../newId.ts';
import type { Endpoint } from './Bus.ts';
import { encodeMessage } from './encodeMessage.ts';

/** The response of an owner, as it is sent to another process. */
export const OwnerResponse = z.discriminatedUnion('ok', [
  z.object({ ok: z.literal(true), data: z.unknown() }),
  z.object({ ok: z.literal(false), code: z.enum(errorCodes), message: z.string(), details: z.record(z.string(), z.unknown()).optional() }),
]);
export type OwnerResponse = z.infer<typeof OwnerResponse>;

type Answer = (data: unknown) => Promise<OwnerResponse>;

/** Answers the requests for what this process owns. */
export class Owners {
  readonly #logger: Logger;
  readonly #answers = new Map<string, Answer>();

  constructor(logger: Logger) {
    this.#logger = logger;
  }

  has(address: string): boolean {
    return this.#answers.has(address);
  }

  add<Request, Response>(endpoint: Endpoint<Request, Response>, address: string, handler: (data: Request) => Response | Promise<Response>): () => void {
    if (this.#answers.has(address)) throw new Error(`this process serves ${address} already`);
    const answer: Answer = (data) => this.#answer(endpoint, handler, data);
    this.#answers.set(address, answer);
    return () => {
      if (this.#answers.get(address) === answer) this.#answers.delete(address);
    };
  }

  /** Undefined if this process does not own the address. The promise never rejects. */
  answer(address: string, data: unknown): Promise<OwnerResponse> | undefined {
    return this.#answers.get(address)?.(data);
  }

  close(): void {
    this.#answers.clear();
  }

  async #answer<Request, Response>(endpoint: Endpoint<Request, Response>, handler: (data: Request) => Response | Promise<Response>, data: unknown): Promise<OwnerResponse> {
    try {
      const response: unknown = await handler(endpoint.request.parse(data));
      encodeMessage(endpoint.name, response);
      return { ok: true, data: response };
    } catch (err) {
      if (err instanceof CodedError) return { ok: false, code: err.code, message: err.message, ...(err.details && { details: { ...err.details } }) };
      const incident = newId('inc');
      this.#logger.error({ err, incident, endpoint: endpoint.name }, 'bus.requestFailed');
      return { ok: false, code: 'internal', message: `Something went wrong. If it happens again, report the incident ${incident}.`, details: { incident } };
    }
  }
}

/** The data of a response. @throws CodedError the error of the owner, for a failed response */
export function dataOf<Request, Response>(endpoint: Endpoint<Request, Response>, response: OwnerResponse): Response {
  if (response.ok) return endpoint.response.parse(response.data);
  throw new CodedError(response.code, response.message, { ...(response.details && { details: response.details }) });
}

export function addressOf(endpoint: Pick<Endpoint<unknown, unknown>, 'name'>, id: string): string {
  return `${endpoint.name} ${id}`;
}
