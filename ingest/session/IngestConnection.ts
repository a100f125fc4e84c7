import type { IngestProtocol } from '#engine/contract';
import type { DetachReason } from '../IngestLectures.ts';
import type { MediaReceiver } from './MediaReceiver.ts';

/** Where the media of a session comes from, as shown to people. */
export interface IngestOrigin {
  readonly protocol: IngestProtocol;
  /** The name of its participant in the lecture. */
  readonly displayName: string;
}

/** A broadcaster's connection, whatever its protocol. It asks to publish and is then accepted or refused. */
export interface IngestConnection extends IngestOrigin {
  /** The remote address, for the log. */
  readonly address: string;
  /** How long no media has arrived, ms. */
  readonly silentForMs: number;
  readonly isClosed: boolean;
  /** Passes its media to the receiver from now on, starting with what has arrived since it asked. */
  accept(receiver: MediaReceiver): void;
  /** Passes it on to another live node, which accepts or refuses it. `address`: `host:port`. */
  relay(address: string): void;
  /** Closes it. The sentence is for the person who runs the encoder. */
  refuse(sentence: string): void;
  /** Closes it because its session has ended. */
  close(cause: 'ended', detail: DetachReason): void;
}
