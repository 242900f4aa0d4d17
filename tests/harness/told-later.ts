// Something that a test waits for until it says so itself.

/** A promise that is kept when somebody tells. */
export function toldLater(): { readonly tell: () => void; readonly heard: Promise<void> } {
  const waiting: (() => void)[] = []
  const heard = new Promise<void>((resolve) => waiting.push(resolve))
  return { tell: () => waiting.forEach((go) => go()), heard }
}
