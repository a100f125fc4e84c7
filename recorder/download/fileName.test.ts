import { expect, it } from 'vitest';
import { dispositionOf } from './fileName.ts';

it.each([
  ['Waves', `attachment; filename="Waves.mp4"; filename*=UTF-8''Waves.mp4`],
  ['Física: ondas', `attachment; filename="Fisica ondas.mp4"; filename*=UTF-8''F%C3%ADsica%20ondas.mp4`],
  ['日本語', `attachment; filename="___.mp4"; filename*=UTF-8''%E6%97%A5%E6%9C%AC%E8%AA%9E.mp4`],
  ['../../etc/passwd', `attachment; filename="etc passwd.mp4"; filename*=UTF-8''etc%20passwd.mp4`],
  ['a"; filename="b\r\nX: y', `attachment; filename="a ; filename= b X y.mp4"; filename*=UTF-8''a%20%3B%20filename%3D%20b%20X%20y.mp4`],
  ["Ada's (1*)", `attachment; filename="Ada's (1 ).mp4"; filename*=UTF-8''Ada%27s%20%281%20%29.mp4`],
  ['...', `attachment; filename="video.mp4"; filename*=UTF-8''video.mp4`],
])('%j names the file %s', (title, header) => {
  expect(dispositionOf(title)).toBe(header);
});
