import type * as z from 'zod';
import type { DtlsParameters, RtpCapabilities, TransportParameters } from '#engine/contract';
import { BareTracks, BareViewer } from './seats.ts';
import type { ReceivedTrack, Seat } from './seats.ts';

/** A viewer's place on a bare mediasoup server (`engine/sfu/testing/bareSfu.ts`), by its few HTTP requests. */
export class BareSeat implements Seat {
  readonly #baseUrl: string;
  readonly #viewer: z.infer<typeof BareViewer>;

  private constructor(baseUrl: string, viewer: z.infer<typeof BareViewer>) {
    this.#baseUrl = baseUrl;
    this.#viewer = viewer;
  }

  static async enter(baseUrl: string): Promise<BareSeat> {
    return new BareSeat(baseUrl, BareViewer.parse(await post(`${baseUrl}/viewers`, {})));
  }

  async openTransport(): Promise<TransportParameters> {
    return this.#viewer.transport;
  }

  async connectTransport(dtlsParameters: DtlsParameters): Promise<void> {
    await this.#ask('connect', { dtlsParameters });
  }

  async takeTracks(): Promise<ReceivedTrack[]> {
    const rtpCapabilities: RtpCapabilities = this.#viewer.rtpCapabilities;
    return BareTracks.parse(await this.#ask('tracks', { rtpCapabilities })).tracks;
  }

  async setPaused(isPaused: boolean): Promise<void> {
    await this.#ask('paused', { isPaused });
  }

  leave(): void {
    this.#ask('leave', {}).catch((err: unknown) => process.stderr.write(`${String(err)}\n`));
  }

  #ask(what: string, body: unknown): Promise<unknown> {
    return post(`${this.#baseUrl}/viewers/${this.#viewer.id}/${what}`, body);
  }
}

async function post(url: string, body: unknown): Promise<unknown> {
  const response = await fetch(url, { method: 'POST', body: JSON.stringify(body) });
  if (!response.ok) throw new Error(`${url}: ${response.status} ${await response.text()}`);
  return response.json();
}
