import { Upload } from 'tus-js-client';
import type { UploadOptions } from 'tus-js-client';

export interface TusClientOptions {
  url: string;
  token: () => string;
  file: Buffer;
  metadata: Record<string, string>;
  chunkBytes?: number;
}

/** A client of tus as pages have it. `interrupt` drops its connection in the middle, and `resume` continues as after a reload. */
export class TusClient {
  readonly #options: TusClientOptions;
  #upload: Upload | undefined;
  uploadUrl: string | null = null;

  constructor(options: TusClientOptions) {
    this.#options = options;
  }

  /** Sends until the end. */
  async send(url = this.#options.url): Promise<void> {
    await this.#run(url, () => false);
  }

  /** Sends until so many bytes are accepted or on their way, then drops the connection. */
  async sendUntil(bytes: number, url = this.#options.url): Promise<void> {
    await this.#run(url, (sent) => sent >= bytes);
  }

  #run(url: string, isEnough: (sent: number) => boolean): Promise<void> {
    const { file, metadata, token, chunkBytes } = this.#options;
    return new Promise((resolve, reject) => {
      const settings: UploadOptions = {
        endpoint: `${url}/api/v1/content/uploads`,
        uploadUrl: this.uploadUrl === null ? null : new URL(new URL(this.uploadUrl).pathname, url).href,
        chunkSize: chunkBytes ?? Infinity,
        metadata,
        retryDelays: [50, 100, 200, 400, 800, 1600, 3200],
        onBeforeRequest: (request) => request.setHeader('Authorization', `Bearer ${token()}`),
        onError: reject,
        onSuccess: () => resolve(),
        onProgress: (sent) => {
          this.uploadUrl = upload.url;
          if (isEnough(sent)) upload.abort().then(resolve, reject);
        },
        onUploadUrlAvailable: () => {
          this.uploadUrl = upload.url;
        },
      };
      const upload = new Upload(file, settings);
      this.#upload = upload;
      upload.start();
    });
  }
}
