import { isolate } from '../isolate.ts';

/** The profile: picture, language and time zone. */
export const profile = {
  personTitle: 'You',
  pictureTitle: 'Picture',
  pictureHint: 'Others see it beside your name. JPEG, PNG, WebP, AVIF or GIF.',
  choosePicture: 'Choose picture',
  changePicture: 'Change picture',
  removePicture: 'Remove picture',
  pictureSaved: 'Picture saved.',
  pictureRemoved: 'Picture removed.',
  cropTitle: 'Crop your picture',
  cropHint: 'Drag the picture, or use the arrow keys. Zoom with the slider.',
  cropArea: 'Picture section',
  zoom: 'Zoom',
  usePicture: 'Use picture',
  pictureUnreadable: 'This browser can’t open the file. Choose a JPEG, PNG, WebP, AVIF or GIF file.',
  pictureOf: (name: string) => `Picture of ${isolate(name)}`,
  regionTitle: 'Language and time',
  language: 'Language',
  languageOfBrowser: (language: string) => `Browser language (${language})`,
  timeZone: 'Time zone',
  timeZoneHint: (time: string) => `Current time: ${time}`,
  timeZoneOfBrowser: (zone: string) => `Browser time zone (${zone})`,
  languageFailed: 'The language couldn’t be loaded. Check your connection and try again.',
} as const;
