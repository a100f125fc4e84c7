export interface FlashingVideo {
  widthPx: number;
  heightPx: number;
  frameRate: number;
  /** A quiet tone under the beeps, so that missing audio can be told from silence. */
  hasBackgroundTone?: boolean;
}

/**
 * Runs in the page before its scripts: camera, screen and microphone flash and beep together, for 200 ms at every full
 * second, so that their times can be compared in a recording. Frames are drawn on multiples of their duration, so that a
 * flash begins with its second.
 */
export function installFlashingDevices(video?: FlashingVideo): void {
  const frameRate = video?.frameRate ?? 30;
  const isFlash = () => Date.now() % 1000 < 200;

  const drawn = (width: number, height: number, colour: string): MediaStreamTrack => {
    const canvas = document.createElement('canvas');
    canvas.width = width;
    canvas.height = height;
    const context = canvas.getContext('2d');
    let frames = 0;
    const draw = () => {
      if (!context) return;
      context.fillStyle = isFlash() ? 'white' : colour;
      context.fillRect(0, 0, width, height);
      context.fillStyle = 'gray';
      context.fillRect((frames * 4) % width, height - 20, 20, 20);
      frames += 1;
    };
    const drawOnTheGrid = () => {
      draw();
      const frameMs = 1000 / frameRate;
      setTimeout(drawOnTheGrid, frameMs - ((Date.now() % 1000) % frameMs) + 0.5);
    };
    drawOnTheGrid();
    const [track] = canvas.captureStream(frameRate).getVideoTracks();
    if (!track) throw new Error('a canvas gives a track');
    return track;
  };

  const beeping = (): MediaStreamTrack => {
    const context = new AudioContext();
    const oscillator = new OscillatorNode(context, { frequency: 880 });
    const quiet = video?.hasBackgroundTone ? 0.005 : 0;
    const gain = new GainNode(context, { gain: quiet });
    const destination = new MediaStreamAudioDestinationNode(context);
    oscillator.connect(gain).connect(destination);
    oscillator.start();
    setInterval(() => {
      gain.gain.value = isFlash() ? 0.5 : quiet;
    }, 5);
    void context.resume();
    const [track] = destination.stream.getAudioTracks();
    if (!track) throw new Error('a destination gives a track');
    return track;
  };

  navigator.mediaDevices.getUserMedia = async (constraints) => {
    const tracks: MediaStreamTrack[] = [];
    if (constraints?.video) tracks.push(drawn(video?.widthPx ?? 1280, video?.heightPx ?? 720, '#305070'));
    if (constraints?.audio) tracks.push(beeping());
    return new MediaStream(tracks);
  };
  navigator.mediaDevices.getDisplayMedia = async () => new MediaStream([drawn(video?.widthPx ?? 1280, video?.heightPx ?? 800, '#703050')]);
}
