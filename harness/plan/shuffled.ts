// Frames that arrive in every order: how many they may be, and how many orders that makes.

/** With one frame more there would be 5040 runs. */
export const shuffledMax = 6

export function ordersOf(frames: number): number {
  return frames < 2 ? 1 : frames * ordersOf(frames - 1)
}
