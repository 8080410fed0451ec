// Connects a TCP socket, in whichever network namespace, before a deadline.

internal import CLinux
internal import Dispatch
internal import Glibc
internal import TakeoverModel

struct SSHSocket {
  let reach: Reach
  let loop: PollLoop

  private var errors: SSHError { SSHError(reach: reach) }

  /// - Returns: a connected, non-blocking socket.
  nonisolated(nonsending)
    func connected(by deadline: Instant) async throws(TransportError) -> CInt
  {
    let places = try await places(by: deadline)
    var last = errors.nameNotFound("it has no address")
    for (index, place) in places.enumerated() {
      do throws(TransportError) {
        // Every address gets its share of what is left.
        let share = Instant.after(deadline.remaining / (places.count - index))
        return try await connect(to: place, by: share)
      } catch {
        last = error
      }
    }
    throw last
  }

  // MARK: Addresses

  /// The bytes of a sockaddr.
  private typealias Place = [UInt8]

  private struct Lookup: Sendable {
    var places: [Place] = []
    var error: CInt = 0
  }

  private nonisolated(nonsending)
    func places(by deadline: Instant) async throws(TransportError) -> [Place]
  {
    let literal = Self.lookUp(reach.host, reach.port, AI_NUMERICHOST)
    if literal.error == 0 { return literal.places }
    guard reach.namespace == nil else { throw errors.nameInNamespace() }
    let answer = Promise<Lookup>(on: loop)
    let crossing = Crossing(answer)
    // getaddrinfo blocks, for seconds when a name server is silent.
    DispatchQueue.global().async { [reach, loop] in
      let lookup = Self.lookUp(reach.host, reach.port, 0)
      loop.perform { crossing.promise.settle(.success(lookup)) }
    }
    guard let lookup = try await answer.value(by: deadline) else {
      throw errors.timedOut("looking up its name")
    }
    guard lookup.error == 0 else {
      throw errors.nameNotFound(unsafe String(cString: gai_strerror(lookup.error)))
    }
    return lookup.places
  }

  /// Carries a promise across another thread, which does not look at it.
  private struct Crossing: @unchecked Sendable {
    let promise: Promise<Lookup>

    init(_ promise: Promise<Lookup>) { self.promise = promise }
  }

  private static func lookUp(_ host: String, _ port: Int, _ flags: CInt) -> Lookup {
    var hints = unsafe addrinfo()
    unsafe hints.ai_socktype = CInt(SOCK_STREAM.rawValue)
    unsafe hints.ai_flags = flags | AI_NUMERICSERV
    var first: UnsafeMutablePointer<addrinfo>?
    let error = unsafe getaddrinfo(host, String(port), &hints, &first)
    guard error == 0 else { return Lookup(error: error) }
    defer { unsafe freeaddrinfo(first) }
    var lookup = Lookup()
    var next = unsafe first
    while let info = unsafe next {
      let length = unsafe Int(info.pointee.ai_addrlen)
      if let address = unsafe info.pointee.ai_addr {
        lookup.places.append(
          unsafe Array(UnsafeRawBufferPointer(start: address, count: length)))
      }
      unsafe next = info.pointee.ai_next
    }
    return lookup
  }

  // MARK: One address

  private nonisolated(nonsending)
    func connect(to place: Place, by deadline: Instant) async throws(TransportError) -> CInt
  {
    let socket = try opened(family: Int32(place[0]) | Int32(place[1]) << 8)
    let rc = unsafe place.withUnsafeBytes { bytes in
      unsafe Glibc.connect(
        socket, bytes.assumingMemoryBound(to: sockaddr.self).baseAddress, socklen_t(bytes.count))
    }
    var error = rc == 0 ? 0 : errno
    if error == EINPROGRESS {
      let writable = Promise<Void>(on: loop)
      loop.watch(socket, for: POLLOUT) { writable.settle(.success(())) }
      defer { loop.unwatch(socket) }
      error = try await writable.value(by: deadline) == nil ? ETIMEDOUT : pendingError(of: socket)
    }
    guard error == 0 else {
      close(socket)
      throw failure(error)
    }
    var yes: CInt = 1
    unsafe setsockopt(
      socket, CInt(IPPROTO_TCP), TCP_NODELAY, &yes, socklen_t(MemoryLayout<CInt>.size))
    // Without it, bytes count as come when they are read.
    _ = clinux_stream_prepare(socket)
    return socket
  }

  private func opened(family: CInt) throws(TransportError) -> CInt {
    let kind = CInt(SOCK_STREAM.rawValue | SOCK_NONBLOCK.rawValue)
    let socket =
      if let path = reach.namespace {
        unsafe clinux_socket_in_namespace(path, family, kind, 0)
      } else {
        clinux_socket_in_namespace(nil, family, kind, 0)
      }
    if socket >= 0 { return socket }
    let reason = unsafe String(cString: strerror(-socket))
    guard let path = reach.namespace else {
      throw TransportError(.broken, "no socket: \(reason)", remedy: "look at: ulimit -n")
    }
    let denied = -socket == EPERM || -socket == EACCES
    throw errors.namespace(path, reason, denied: denied)
  }

  private func pendingError(of socket: CInt) -> CInt {
    var error: CInt = 0
    var size = socklen_t(MemoryLayout<CInt>.size)
    unsafe getsockopt(socket, SOL_SOCKET, SO_ERROR, &error, &size)
    return error
  }

  private func failure(_ error: CInt) -> TransportError {
    switch error {
    case ECONNREFUSED: errors.refused()
    case ETIMEDOUT: errors.timedOut("connecting")
    default: errors.noRoute(unsafe String(cString: strerror(error)))
    }
  }
}
