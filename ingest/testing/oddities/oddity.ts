import type { OddEncoder } from '../OddEncoder.ts';

/** One odd way to publish: the steps that differ from those of an ordinary encoder. */
export interface Oddity {
  title: string;
  handshake?: (encoder: OddEncoder) => void;
  connect?: (encoder: OddEncoder) => void;
  publish?: (encoder: OddEncoder) => void;
  clip?: (encoder: OddEncoder) => void;
  /** What the server must answer. */
  expected?: string;
  /** The times of the frames differ from those of the clip. */
  hasOtherTimes?: boolean;
}

export function send(oddity: Oddity, encoder: OddEncoder): void {
  const { handshake = () => encoder.handshake(), connect = () => encoder.connect(), publish = () => encoder.publish(), clip = () => encoder.clip() } = oddity;
  handshake(encoder);
  connect(encoder);
  publish(encoder);
  clip(encoder);
}
