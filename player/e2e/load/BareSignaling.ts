import type * as z from 'zod';
import type { DtlsParameters, TransportParameters } from '#engine/contract';
import { BareTracks, BareViewer } from './ViewerSignaling.ts';
import type { ReceivedTrack, ViewerSignaling } from './ViewerSignaling.ts';

/** A viewer of a bare mediasoup server (`engine/sfu/testing/bareSfu.ts`), by its HTTP requests. */
export class BareSignaling implements ViewerSignaling {
  readonly #baseUrl: string;
  #viewer: z.infer<typeof BareViewer> | undefined;

  constructor(baseUrl: string) {
    this.#baseUrl = baseUrl;
  }

  async openTransport(): Promise<TransportParameters> {
    if (this.#viewer) await this.#ask('leave', {});
    this.#viewer = BareViewer.parse(await post(`${this.#baseUrl}/viewers`, {}));
    return this.#viewer.transport;
  }

  async connectTransport(dtlsParameters: DtlsParameters): Promise<void> {
    await this.#ask('connect', { dtlsParameters });
  }

  async subscribeToAll(): Promise<ReceivedTrack[]> {
    return BareTracks.parse(await this.#ask('tracks', { rtpCapabilities: this.#viewer?.rtpCapabilities })).tracks;
  }

  async setPaused(isPaused: boolean): Promise<void> {
    await this.#ask('paused', { isPaused });
  }

  leave(): void {
    this.#ask('leave', {}).catch((err: unknown) => process.stderr.write(`${String(err)}\n`));
  }

  #ask(what: string, body: unknown): Promise<unknown> {
    return post(`${this.#baseUrl}/viewers/${this.#viewer?.id ?? ''}/${what}`, body);
  }
}

async function post(url: string, body: unknown): Promise<unknown> {
  const response = await fetch(url, { method: 'POST', body: JSON.stringify(body) });
  if (!response.ok) throw new Error(`${url}: ${response.status} ${await response.text()}`);
  return response.json();
}
