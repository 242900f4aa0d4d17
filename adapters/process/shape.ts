// Reads untyped values as typed ones, and says which member is wrong when they are not what they should be.

/** A value is not what it should be; the message names the member, as in `inputs[2].octets is no base64 text`. */
export class WrongShape extends Error {
  override readonly name = 'WrongShape'
  private readonly path: string
  private readonly complaint: string

  constructor(complaint: string, path = '') {
    super(path === '' ? complaint : `${path} ${complaint}`)
    this.path = path
    this.complaint = complaint
  }

  /** The same, seen from the value that holds it under `step`: `name`, or `[3]`. */
  within(step: string): WrongShape {
    const joint = this.path === '' || this.path.startsWith('[') ? '' : '.'
    return new WrongShape(this.complaint, `${step}${joint}${this.path}`)
  }
}

/** Gives the value as a `T` or throws a `WrongShape`. */
export type Reader<T> = (value: unknown) => T

export type Members = Readonly<Record<string, unknown>>

/** Makes every member writable, for building a value member by member. */
export type Draft<T> = { -readonly [Key in keyof T]: T[Key] }

export function readMembers(value: unknown): Members {
  if (!isMembers(value)) throw new WrongShape(absentOr(value, 'is no object'))
  return value
}

export function readInteger(value: unknown): number {
  if (typeof value !== 'number' || !Number.isSafeInteger(value)) throw new WrongShape(absentOr(value, 'is no integer'))
  return value
}

/** An integer from 0 up. */
export function readCount(value: unknown): number {
  const count = readInteger(value)
  if (count < 0) throw new WrongShape('is negative')
  return count
}

export function readText(value: unknown): string {
  if (typeof value !== 'string') throw new WrongShape(absentOr(value, 'is no text'))
  return value
}

const digitPairs = /^(?:[0-9a-f]{2})*$/

/** Octets in hexadecimal digits. */
export function readDigits(value: unknown): string {
  const text = readText(value)
  if (!digitPairs.test(text)) throw new WrongShape('is no run of lower-case hexadecimal digits, two for each octet')
  return text
}

export function readTruth(value: unknown): boolean {
  if (typeof value !== 'boolean') throw new WrongShape(absentOr(value, 'is neither true nor false'))
  return value
}

/** One of some words. */
export function oneOf<Word extends string>(words: readonly Word[]): Reader<Word> {
  return (value) => {
    const found = words.find((word) => word === value)
    if (found === undefined) throw new WrongShape(absentOr(value, `is none of ${words.join(', ')}`))
    return found
  }
}

/** One of the keys of a table. */
export function keyOf<Key extends string>(table: Readonly<Record<Key, unknown>>): Reader<Key> {
  const isKey = (word: string): word is Key => Object.hasOwn(table, word)
  const words = Object.keys(table)
  const read = oneOf(words)
  return (value) => {
    const word = read(value)
    if (!isKey(word)) throw new WrongShape(`is none of ${words.join(', ')}`)
    return word
  }
}

/** An integer from 0 to the largest of so many bits. */
export function unsigned(bits: 16 | 32): Reader<number> {
  return (value) => {
    const count = readCount(value)
    if (count >= 2 ** bits) throw new WrongShape(`has more than ${bits} bits`)
    return count
  }
}

export function nullOr<T>(read: Reader<T>): Reader<T | null> {
  return (value) => (value === null ? null : read(value))
}

export function listOf<T>(read: Reader<T>): Reader<T[]> {
  return (value) => {
    if (!Array.isArray(value)) throw new WrongShape(absentOr(value, 'is no list'))
    const list: T[] = []
    for (let i = 0; i < value.length; i++) list.push(inside(`[${i}]`, read, value[i]))
    return list
  }
}

/** An object that maps any name to a `T`. */
export function mapOf<T>(read: Reader<T>): Reader<Readonly<Record<string, T>>> {
  return (value) =>
    Object.fromEntries(Object.entries(readMembers(value)).map(([key, entry]) => [key, inside(key, read, entry)]))
}

/** How each member of a `T` is read; `maybe` where it may be absent. */
export type Shape<T> = { readonly [Key in keyof T]-?: Reader<T[Key]> }

/** An object of these members. Others are ignored. */
export function objectOf<T extends object>(shape: Shape<NoInfer<T>>): Reader<T> {
  const keys = Object.keys(shape).filter((key): key is keyof T & string => Object.hasOwn(shape, key))
  const isWhole = (draft: Partial<T>): draft is T =>
    keys.every((key) => Object.hasOwn(draft, key) || shape[key](undefined) === undefined)
  return (value) => {
    const members = readMembers(value)
    const draft: Partial<T> = {}
    for (const key of keys) {
      const entry = inside(key, shape[key], own(members, key))
      if (entry !== undefined) draft[key] = entry
    }
    // Readers of members that must be there have thrown.
    if (!isWhole(draft)) throw new WrongShape('is not whole')
    return draft
  }
}

/** A member that may be absent. */
export function maybe<T>(read: Reader<T>): Reader<T | undefined> {
  return (value) => (value === undefined ? undefined : read(value))
}

/** The member `key`, which must be there. */
export function member<T>(members: Members, key: string, read: Reader<T>): T {
  return inside(key, read, own(members, key))
}

/** The member `key`, or undefined if it is absent. */
export function optional<T>(members: Members, key: string, read: Reader<T>): T | undefined {
  const value = own(members, key)
  return value === undefined ? undefined : inside(key, read, value)
}

function own(members: Members, key: string): unknown {
  return Object.hasOwn(members, key) ? members[key] : undefined
}

function inside<T>(step: string, read: Reader<T>, value: unknown): T {
  try {
    return read(value)
  } catch (thrown) {
    if (thrown instanceof WrongShape) throw thrown.within(step)
    throw thrown
  }
}

function isMembers(value: unknown): value is Members {
  return typeof value === 'object' && value !== null && !Array.isArray(value)
}

function absentOr(value: unknown, complaint: string): string {
  return value === undefined ? 'is missing' : complaint
}
