import { describe, expect, it } from 'vitest';
import { until } from '#engine/testing';
import { obsAudio, testAudio, testVideo } from '../testing/index.ts';
import { useTestIngest } from '../testing/useTestIngest.ts';

const h264 = ['-c:v', 'libx264', '-preset', 'ultrafast', '-tune', 'zerolatency', '-g', '30', '-pix_fmt', 'yuv420p'];
const both = [...testVideo, ...testAudio];

describe('An encoder that sends what Lectern does not accept is refused with a sentence that says so:', () => {
  const bench = useTestIngest();

  it.each([
    ['MP3', [...both, ...h264, '-c:a', 'libmp3lame', '-ar', '44100'], 'The encoder sends MP3; Lectern accepts AAC audio.'],
    ['PCM', [...both, ...h264, '-c:a', 'pcm_s16le', '-ar', '44100'], 'The encoder sends PCM; Lectern accepts AAC audio.'],
    ['Sorenson H.263', [...both, '-c:v', 'flv', ...obsAudio], 'The encoder sends Sorenson H.263; Lectern accepts H.264 video.'],
    ['no audio', [...testVideo, ...h264], 'The encoder sends no AAC audio.'],
    ['no video', [...testAudio, ...obsAudio], 'The encoder sends no H.264 video.'],
    ['four channels in an order of their own', [...both, ...h264, '-c:a', 'aac', '-ar', '48000', '-ac', '4', '-channel_layout', 'quad'], 'its 4 channels are not in a usual order; use stereo'],
  ])('%s', async (_, args, sentence) => {
    const { lecture, url } = await bench.station.openCourse();
    const push = bench.push(url, [...args, '-t', '60']);
    await until('the refusal', () => lecture.health?.state === 'refused');
    expect(lecture.health?.problem).toContain(sentence);
    expect(lecture.attachments.every(({ detached }) => detached !== undefined)).toBe(true);
    // ffmpeg ends by itself.
    await push.ended;
  });
});
