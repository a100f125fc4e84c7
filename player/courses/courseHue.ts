const hues = 24;

/** The hue of a course's colour, in degrees. */
export function courseHue(courseId: string): number {
  const sum = [...courseId].reduce((total, letter) => total + (letter.codePointAt(0) ?? 0), 0);
  return ((sum % hues) * 360) / hues;
}
