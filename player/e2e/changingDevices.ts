export interface Shown {
  widthPx: number;
  heightPx: number;
  colour: string;
}

declare global {
  interface Window {
    changeVideo: Record<'camera' | 'screen', (shown: Shown) => void>;
  }
}

/**
 * Runs in the page before its scripts: a camera and a screen of one colour each. `changeVideo` changes their size and
 * colour while they are captured, as when another window is shared.
 */
export function installChangingDevices(): void {
  const drawn = (width: number, height: number, colour: string) => {
    const canvas = document.createElement('canvas');
    const context = canvas.getContext('2d');
    let shown: Shown = { widthPx: width, heightPx: height, colour };
    const show = (next: Shown) => {
      shown = next;
      canvas.width = next.widthPx;
      canvas.height = next.heightPx;
    };
    show(shown);
    let frames = 0;
    setInterval(() => {
      if (!context) return;
      context.fillStyle = shown.colour;
      context.fillRect(0, 0, shown.widthPx, shown.heightPx);
      context.fillStyle = 'gray';
      context.fillRect((frames * 4) % shown.widthPx, 0, 20, 20);
      frames += 1;
    }, 1000 / 30);
    const [track] = canvas.captureStream(30).getVideoTracks();
    if (!track) throw new Error('a canvas gives a track');
    return { track, show };
  };
  const camera = drawn(640, 360, '#c03030');
  const screen = drawn(1280, 800, '#30a030');
  const tone = () => {
    const context = new AudioContext();
    const oscillator = new OscillatorNode(context, { frequency: 440 });
    const destination = new MediaStreamAudioDestinationNode(context);
    oscillator.connect(destination);
    oscillator.start();
    void context.resume();
    return destination.stream.getAudioTracks();
  };
  window.changeVideo = { camera: camera.show, screen: screen.show };
  navigator.mediaDevices.getUserMedia = async (constraints) => new MediaStream([...(constraints?.video ? [camera.track.clone()] : []), ...(constraints?.audio ? tone() : [])]);
  navigator.mediaDevices.getDisplayMedia = async () => new MediaStream([screen.track.clone()]);
}
