import type * as z from 'zod';

/** A kind of message that every process may publish and receive. */
export interface Topic<T> {
  /** A few words without spaces: `logins.ended`. */
  readonly name: string;
  readonly schema: z.ZodType<T>;
}

/** A kind of request that the owner of something answers: `lecture.end`, asked of the owner of one lecture. */
export interface Endpoint<Request, Response> {
  readonly name: string;
  readonly request: z.ZodType<Request>;
  readonly response: z.ZodType<Response>;
}

export interface Subscriber<T> {
  /** Messages arrive one after the other, those of one publisher in the order in which it published them. */
  onMessage(message: T): void | Promise<void>;
  /** Messages may have been missed: read again what they are about. */
  onMissed(): void | Promise<void>;
}

export interface BusRequest<Data> {
  data: Data;
  /** Milliseconds within which the response has to be here. */
  deadlineMs: number;
}

export type Unsubscribe = () => void;

/**
 * Connects the processes of one installation. Delivers at most once: a message that is lost while the connection is down is
 * not sent again, and `onMissed` notifies each subscriber that may have missed one. State is in the database; a message says
 * that it has changed.
 *
 * Within a process the bus needs no connection: subscribers receive what their own process publishes, and requests reach an
 * owner in the same process.
 */
export interface Bus {
  /** Other processes can be reached now. Always true for a bus within one process. */
  readonly isConnected: boolean;
  /**
   * Sends a message to every subscriber, those of this process included. Never waits.
   * @throws CodedError `request.tooLarge` @throws ZodError when the message does not fit its topic; then nothing was sent
   */
  publish<T>(topic: Topic<T>, message: T): void;
  /**
   * Resolves when the subscription is active. While the connection is down, resolves at once; `onMissed` is called after the
   * reconnection.
   */
  subscribe<T>(topic: Topic<T>, subscriber: Subscriber<T>): Promise<Unsubscribe>;
  /**
   * Asks the process that owns `id`. After `owner.timedOut` the request may have been carried out, or may still be: repeat only
   * what is idempotent.
   * @throws CodedError `owner.notFound` when no process serves it, `owner.timedOut` after the deadline, `bus.unavailable` while
   * other processes cannot be reached, `request.tooLarge`, `server.busy` when too many requests are in flight; and the
   * CodedError of the owner
   */
  request<Request, Response>(endpoint: Endpoint<Request, Response>, id: string, request: BusRequest<Request>): Promise<Response>;
  /**
   * Answers the requests for `id` from now on. Resolves when other processes reach it. Who may own something is decided by its
   * lease, not here: a second owner in this process is a bug. @throws Error when this process serves it already
   */
  serve<Request, Response>(endpoint: Endpoint<Request, Response>, id: string, handler: (data: Request) => Response | Promise<Response>): Promise<Unsubscribe>;
  /** Ends all subscriptions; requests in flight fail. Idempotent. */
  close(): Promise<void>;
}

/** Declares a topic. */
export function topic<T>(name: string, schema: z.ZodType<T>): Topic<T> {
  return { name, schema };
}

/** Declares an endpoint. */
export function endpoint<Request, Response>(name: string, schemas: { request: z.ZodType<Request>; response: z.ZodType<Response> }): Endpoint<Request, Response> {
  return { name, ...schemas };
}
