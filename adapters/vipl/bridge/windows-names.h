/* What headers of VIPL that were written for Windows take from its own headers. `viaduct bridge` puts it before a header
 * that does not compile without it. */
#ifndef WINDOWS_NAMES_H
#define WINDOWS_NAMES_H

#define __int8 char
#define __int16 short
#define __int32 int
#define __int64 long long
#define __cdecl
#define __stdcall
#define __declspec(what)
#define WINAPI
#define INFINITE 0xFFFFFFFF

typedef unsigned short WCHAR;
typedef void *HANDLE;
typedef void *PVOID;
typedef unsigned char BYTE;
typedef unsigned int DWORD;
typedef int BOOL;

#endif
