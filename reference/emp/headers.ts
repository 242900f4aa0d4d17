// How long the headers of a frame are (R1): Ethernet's, then EMP's two.

export const ethernetOctets = 14
export const frameHeaderOctets = 12
export const messageHeaderOctets = 8
