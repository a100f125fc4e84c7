import type { DetailedError, HttpResponse, Upload, UploadOptions } from 'tus-js-client';
import { ApiError, ApiUnreachableError, clientHeader, Problem } from '#api/contract';
import { background } from '../app/background.ts';
import type { StartTransfer, Transfer, TransferOptions } from './Transfer.ts';

export interface TusServer {
  /** Absolute. */
  endpoint: string;
  accessToken(): string | undefined;
  /** Renews the access token. Resolves to false if nobody is signed in afterwards. */
  renewToken(): Promise<boolean>;
  /** Why the server has refused an upload. Asked when a response says only that it has. */
  explainRefusal(url: string): Promise<unknown>;
}

/**
 * Bytes of one request. Each one begins with a fresh access token; a lost connection costs only what was not received. Less than the
 * 100 MB that common proxies let through.
 */
const chunkBytes = 64 * 2 ** 20;
/** Renewals in a row for one request. */
const maxRenewals = 1;

/** Sends files by tus 1.0. The client is loaded with the first of them. */
export function tusTransfers(server: TusServer): StartTransfer {
  return (options) => new TusTransfer(server, options);
}

/** Deletes an unfinished upload. One that is gone already counts as deleted. @throws ApiUnreachableError, ApiError */
export async function cancelTusUpload(server: TusServer, url: string): Promise<void> {
  const { Upload: Client } = await import('tus-js-client');
  try {
    await Client.terminate(absolute(server, url), { ...connection(server), retryDelays: null });
  } catch (error) {
    const response = responseOf(error);
    if (response?.getStatus() === 404) return;
    if (response?.getStatus() !== 401 || !(await server.renewToken())) throw failureOf(error, response);
    await cancelTusUpload({ ...server, renewToken: async () => false }, url);
  }
}

class TusTransfer implements Transfer {
  private readonly server: TusServer;
  private readonly options: TransferOptions;
  private upload: Upload | undefined;
  private isStopped = false;
  private renewals = 0;

  constructor(server: TusServer, options: TransferOptions) {
    this.server = server;
    this.options = options;
    background(this.start());
  }

  stop(): void {
    this.isStopped = true;
    if (this.upload) background(this.upload.abort());
  }

  private async start(): Promise<void> {
    try {
      const { Upload: Client } = await import('tus-js-client');
      if (this.isStopped) return;
      this.upload = new Client(this.options.file, this.tusOptions());
      this.upload.start();
    } catch (error) {
      // The code of the client could not be loaded.
      this.end(new ApiUnreachableError(error));
    }
  }

  private tusOptions(): UploadOptions {
    const { file, url, metadata, onSent, onDone } = this.options;
    const { courseId, title, replaces } = metadata;
    return {
      ...connection(this.server),
      // With the endpoint, an upload that the server has lost would begin again without a word.
      ...(url === null ? { endpoint: this.server.endpoint } : { uploadUrl: absolute(this.server, url) }),
      metadata: { courseId, title, filename: file.name, filetype: file.type, ...(replaces !== null && { replaces }) },
      chunkSize: chunkBytes,
      // The queue decides when to try again.
      retryDelays: null,
      storeFingerprintForResuming: false,
      fingerprint: () => Promise.resolve(''),
      onAfterResponse: (request, response) => this.locate(request.getMethod(), response),
      onProgress: (bytes) => {
        this.renewals = bytes > 0 ? 0 : this.renewals;
        if (!this.isStopped) onSent(bytes);
      },
      onSuccess: () => {
        if (!this.isStopped) onDone();
      },
      onError: (error) => background(this.failed(error)),
    };
  }

  private locate(method: string, response: HttpResponse): void {
    const location = response.getHeader('Location');
    if (method !== 'POST' || response.getStatus() !== 201 || !location) return;
    const url = new URL(location, this.server.endpoint).pathname;
    if (!this.isStopped) this.options.onLocated({ url, videoId: response.getHeader('Lectern-Video') ?? null });
  }

  private async failed(error: Error | DetailedError): Promise<void> {
    if (this.isStopped) return;
    const response = responseOf(error);
    if (response?.getStatus() === 401 && (await this.renew())) {
      if (!this.isStopped) this.upload?.start();
      return;
    }
    const url = this.upload?.url;
    const failure = failureOf(error, response);
    this.end(url && isUnexplained(failure, response) ? await this.server.explainRefusal(new URL(url).pathname) : failure);
  }

  private async renew(): Promise<boolean> {
    this.renewals += 1;
    return this.renewals <= maxRenewals && this.server.renewToken();
  }

  private end(error: unknown): void {
    if (this.isStopped) return;
    this.isStopped = true;
    this.options.onFailed(error);
  }
}

function connection(server: TusServer): UploadOptions {
  return {
    headers: { [clientHeader]: 'web' },
    onBeforeRequest: (request) => {
      const token = server.accessToken();
      if (token !== undefined) request.setHeader('Authorization', `Bearer ${token}`);
    },
  };
}

function absolute({ endpoint }: TusServer, url: string): string {
  return new URL(url, endpoint).href;
}

function responseOf(error: unknown): HttpResponse | undefined {
  return (error as Partial<DetailedError>).originalResponse ?? undefined;
}

/** The server refuses it and does not say why: responses to HEAD have no body. */
function isUnexplained(failure: ApiError | ApiUnreachableError, response: HttpResponse | undefined): boolean {
  const status = response?.getStatus() ?? 0;
  return failure instanceof ApiUnreachableError && status >= 400 && status < 500;
}

/** What the server says, or that it could not be reached. */
function failureOf(error: unknown, response: HttpResponse | undefined): ApiError | ApiUnreachableError {
  const problem = Problem.safeParse(parsed(response?.getBody()));
  return problem.success ? new ApiError(problem.data) : new ApiUnreachableError(error);
}

function parsed(json: string | undefined): unknown {
  try {
    return JSON.parse(json ?? '');
  } catch {
    return undefined;
  }
}
