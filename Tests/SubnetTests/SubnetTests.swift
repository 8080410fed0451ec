// x
internal import Testing
