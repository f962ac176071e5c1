/// Lets a thread wait until another one opens the gate.
final class Gate: @unchecked Sendable {
  // The semaphore is made before the object is shared and destroyed after its last use; its calls are thread-safe.
  private let semaphore: UnsafeMutablePointer<sem_t>

  init() {
    semaphore = .allocate(capacity: 1)
    sem_init(semaphore, 0, 0)
  }

  deinit {
    sem_destroy(semaphore)
    semaphore.deallocate()
  }

  func open() { sem_post(semaphore) }

  func wait() {
    while sem_wait(semaphore) != 0 {}
  }
}
