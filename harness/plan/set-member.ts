// Fills optional members of an object that is being built.

/** Sets a member if there is a value for it; an absent value leaves the member absent. */
export function setMember<T extends object, K extends keyof T>(object: T, key: K, value: T[K] | undefined): void {
  if (value !== undefined) object[key] = value
}
