import { createReadStream } from 'node:fs';
import { Upload } from 'tus-js-client';
import type { UploadOptions } from 'tus-js-client';

export interface TusClientOptions {
  token: () => string;
  file: { path: string; bytes: number };
  metadata: Record<string, string>;
  /** Bytes of one request; by default the whole file is one. */
  chunkBytes?: number;
}

/** Uploads a file as pages do. Each call continues where the server says, as after a reload of the page. */
export class TusClient {
  readonly #options: TusClientOptions;
  #uploadPath: string | undefined;

  constructor(options: TusClientOptions) {
    this.#options = options;
  }

  /** Sends to the end. */
  async send(siteUrl: string): Promise<void> {
    await this.#run(siteUrl, () => undefined);
  }

  /** Sends until so many bytes are on their way, then calls `interrupt`, and drops the connection. */
  async sendUntil(siteUrl: string, bytes: number, interrupt: () => Promise<void> = async () => undefined): Promise<void> {
    await this.#run(siteUrl, (sent) => (sent >= bytes ? interrupt : undefined));
  }

  #run(siteUrl: string, interruptAt: (sent: number) => (() => Promise<void>) | undefined): Promise<void> {
    const { file, metadata, token, chunkBytes = Infinity } = this.#options;
    const knownUrl = this.#uploadPath === undefined ? null : `${siteUrl}${this.#uploadPath}`;
    return new Promise((resolve, reject) => {
      let isInterrupted = false;
      const interrupt = async (task: () => Promise<void>) => {
        isInterrupted = true;
        await task();
        await upload.abort();
      };
      const settings: UploadOptions = {
        endpoint: `${siteUrl}/api/v1/content/uploads`,
        uploadUrl: knownUrl,
        uploadSize: file.bytes,
        chunkSize: chunkBytes,
        metadata,
        retryDelays: [100, 200, 400, 800, 1600, 3200, 6400],
        onBeforeRequest: (request) => request.setHeader('Authorization', `Bearer ${token()}`),
        onError: (error) => (isInterrupted ? undefined : reject(error)),
        onSuccess: () => resolve(),
        onUploadUrlAvailable: () => {
          if (upload.url !== null) this.#uploadPath = new URL(upload.url).pathname;
        },
        onProgress: (sent) => {
          const task = isInterrupted ? undefined : interruptAt(sent);
          if (task) interrupt(task).then(resolve, reject);
        },
      };
      const upload = new Upload(createReadStream(file.path), settings);
      upload.start();
    });
  }
}
