import { Server, TUS_RESUMABLE } from '@tus/server';
import type { Locker } from '@tus/server';
import { CodedError } from '#engine/contract';
import type { IncomingStore } from './IncomingStore.ts';

/** A request of the protocol, whose sender is known and may make it. */
export interface TusRequest {
  method: 'POST' | 'HEAD' | 'PATCH' | 'DELETE';
  headers: Readonly<Record<string, string | undefined>>;
  /** The id of the upload in the store. */
  storeId: string;
  /** The address of the upload. */
  location: string;
  /** What the upload is, in place of what the client says. */
  metadata?: Record<string, string | null>;
  /** Aborts when the request has to end; the bytes received by then are kept. */
  signal: AbortSignal;
}

export interface TusResponse {
  status: number;
  headers: Record<string, string>;
}

/** Headers of the protocol. Others, such as tokens and cookies, stay outside. */
const passedHeaders = ['tus-resumable', 'upload-length', 'upload-offset', 'upload-defer-length', 'upload-concat', 'content-type', 'content-length'] as const;

/** Its uploads are locked by `UploadLocks` for the whole request. */
const unlocked: Locker = { newLock: () => ({ lock: async () => undefined, unlock: async () => undefined }) };

/** Speaks tus 1.0: checks the headers of a request and appends to the store. Failures are CodedErrors. */
export class TusIntake {
  readonly #server: AbortableServer;
  /** By request of the tus server. */
  readonly #requests = new WeakMap<object, TusRequest>();
  readonly #failures = new WeakMap<object, unknown>();

  constructor(incoming: IncomingStore) {
    this.#server = new AbortableServer({
      path: '/uploads',
      datastore: incoming.data,
      locker: unlocked,
      namingFunction: (request) => this.#of(request).storeId,
      getFileIdFromRequest: (request) => this.#of(request).storeId,
      generateUrl: (request) => this.#of(request).location,
      onUploadCreate: async (request) => ({ metadata: this.#of(request).metadata ?? {} }),
      onResponseError: (request, failure) => {
        this.#failures.set(request, failure);
        return undefined;
      },
    });
  }

  /** @throws CodedError `request.invalid`, `upload.offsetWrong`, `upload.lengthWrong`, `upload.notFound`, and those of the store */
  async respond(request: TusRequest): Promise<TusResponse> {
    const { method, signal } = request;
    const headers = new Headers();
    for (const name of passedHeaders) if (request.headers[name] !== undefined) headers.set(name, request.headers[name]);
    // The store takes the body from the transfer: as a web stream it would cost three times the CPU.
    const asked = new Request('http://uploads/uploads/one', { method, headers });
    this.#requests.set(asked, request);
    const response = await this.#server.respond(asked, signal);
    const failure = this.#failures.get(asked);
    if (failure !== undefined) throw codedFailure(failure);
    if (response.status >= 400) throw notTus((await response.text()).trim());
    return { status: response.status, headers: Object.fromEntries(response.headers) };
  }

  #of(request: object): TusRequest {
    const known = this.#requests.get(request);
    if (!known) throw new Error('not a request of this intake');
    return known;
  }
}

/** A server whose requests end when their signal says so. What was received by then is stored. */
class AbortableServer extends Server {
  #signal: AbortSignal | undefined;

  /** The context of a request is created before this returns. */
  respond(request: Request, signal: AbortSignal): Promise<Response> {
    this.#signal = signal;
    return this.handleWeb(request);
  }

  protected override createContext() {
    const [context, signal] = [super.createContext(), this.#signal];
    this.#signal = undefined;
    if (signal?.aborted) context.abort();
    else signal?.addEventListener('abort', () => context.abort(), { once: true });
    return context;
  }
}

const failuresByStatus: Readonly<Record<number, (text: string) => CodedError>> = {
  404: () => new CodedError('upload.notFound', 'This upload does not exist. It may have been cancelled, or have expired. Begin again.'),
  409: () => new CodedError('upload.offsetWrong', 'The server has another part of this file than the client thinks. Ask for the offset, and continue there.'),
  410: () => new CodedError('upload.notFound', 'The bytes of this upload are gone. Begin again.'),
  413: () => new CodedError('upload.lengthWrong', 'This request brings more bytes than the upload has by its length. Begin again with the right length.'),
  400: notTus,
  403: notTus,
  501: notTus,
};

function notTus(text: string): CodedError {
  return new CodedError('request.invalid', `This is not a request of tus ${TUS_RESUMABLE}: ${text}.`);
}

/** The server throws plain objects with the status and text of a response. */
function codedFailure(failure: unknown): unknown {
  if (failure instanceof CodedError || typeof failure !== 'object' || failure === null || !('status_code' in failure)) return failure;
  const text = 'body' in failure ? String(failure.body).trim() : '';
  const coded = failuresByStatus[Number(failure.status_code)];
  return coded ? coded(text) : new Error(`tus: ${text}`);
}
