/**
 * The text that a segment of a URL's path stands for. What is not percent-encoded as it
 * should be stands for itself: no id of ours has a percent sign.
 */
export function decodeSegment(segment: string): string {
  try {
    return decodeURIComponent(segment);
  } catch {
    return segment;
  }
}

/** `text` as one segment of a URL's path, whatever a client has put into it. */
export const encodeSegment = (text: string): string => encodeURIComponent(text.toWellFormed());
