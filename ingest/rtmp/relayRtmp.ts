import { connect } from 'node:net';
import type { Socket } from 'node:net';
import { relayConnectMs, relayIdleMs } from '../limits.ts';

export interface RtmpRelayOptions {
  /** The encoder's. Nobody else reads or writes it from now on. */
  socket: Socket;
  /** `host:port` of the RTMP port of another node, which runs the same version. */
  address: string;
  /** What the encoder has sent so far. */
  sent: readonly Buffer[];
  /** How much it was answered so far. The other node gives the same answers to the same bytes, and they are left out. */
  answeredBytes: number;
  /** Either side has closed the connection. `isConnected`: the other node had accepted it. */
  onClosed: (isConnected: boolean) => void;
}

/** Passes a connection on to another node, from its first byte. Returns the function that ends it. */
export function relayRtmp({ socket, address, sent, answeredBytes, onClosed }: RtmpRelayOptions): () => void {
  const portAt = address.lastIndexOf(':');
  const upstream = connect({ host: address.slice(0, portAt).replace(/^\[|\]$/g, ''), port: Number(address.slice(portAt + 1)) });
  let isConnected = false;
  let isClosed = false;
  const end = () => {
    if (isClosed) return;
    isClosed = true;
    // What the encoder has sent still arrives.
    upstream.destroySoon();
    onClosed(isConnected);
  };
  upstream.setNoDelay(true);
  upstream.setTimeout(relayConnectMs, end);
  upstream.once('connect', () => {
    isConnected = true;
    // A machine that has vanished closes nothing; a node that is there pings a quiet encoder more often.
    upstream.setTimeout(relayIdleMs);
    upstream.write(Buffer.concat(sent));
    socket.pipe(upstream);
    passAfter(answeredBytes, upstream, socket);
  });
  upstream.on('error', end);
  upstream.on('close', end);
  return end;
}

/** Passes on what `from` sends, without its first bytes. */
function passAfter(skippedBytes: number, from: Socket, to: Socket): void {
  let left = skippedBytes;
  const skip = (bytes: Buffer) => {
    const rest = bytes.subarray(left);
    left -= bytes.length - rest.length;
    if (left > 0) return;
    from.off('data', skip);
    if (rest.length > 0) to.write(rest);
    from.pipe(to);
  };
  if (left === 0) from.pipe(to);
  else from.on('data', skip);
}
