// Command server is the demo application inside the images: an HTTP server whose behaviour tests choose by environment and by request.
//
//	PORT            port to listen on (8080)
//	APP, VERSION    what /version reports
//	DEMO_MODE       "crash": log a plausible failure and exit with 1 after a second; "unready": /readyz always answers 503
//	DB_POOL_MAX     connections to its database (20); more than 40 it does not get, and fails like "crash"
//	LOG_RATE        numbered log lines a second (1); -1 is as fast as possible, 0 none; changed by /log?rate=
//	START_DELAY     time before the server listens, for start probes ("3s")
//	TERM_DELAY      time between SIGTERM and the exit ("2s"); IGNORE_TERM=1 ignores the signal
//
// With the single argument "pause" it only waits, which makes it the sandbox image of the cluster. With "get URL" it prints what is at the URL.
package main

import (
	"context"
	"errors"
	"fmt"
	"io"
	"log"
	"net"
	"net/http"
	"os"
	"os/signal"
	"strconv"
	"syscall"
	"time"
)

// connections is what the made-up database gives to one pod.
const connections = 40

func main() {
	if len(os.Args) == 2 && os.Args[1] == "pause" {
		pause()
		return
	}
	if len(os.Args) == 3 && os.Args[1] == "get" {
		get(os.Args[2])
		return
	}
	log.SetFlags(log.Ldate | log.Ltime | log.Lmicroseconds | log.LUTC)
	log.SetOutput(os.Stdout)
	log.Printf("%s %s starting on %s", env("APP", "demo"), env("VERSION", "dev"), hostname())
	pool, err := number(os.Getenv("DB_POOL_MAX"), 20)
	if err != nil {
		log.Fatalf("read DB_POOL_MAX: %v", err)
	}
	log.Printf("db: opening pool mysql.internal:3306/checkout, max=%v", pool)
	if os.Getenv("DEMO_MODE") == "crash" || pool > connections {
		crash()
	}
	time.Sleep(duration("START_DELAY", 0))

	app := newApp()
	listener, err := net.Listen("tcp", ":"+env("PORT", "8080"))
	if err != nil {
		log.Fatalf("listen on port %s: %v", env("PORT", "8080"), err)
	}
	server := &http.Server{Handler: app.routes(), ReadHeaderTimeout: 10 * time.Second}
	go app.lines.run()
	go terminate(server)
	log.Printf("listening on %s", listener.Addr())
	if err := server.Serve(listener); !errors.Is(err, http.ErrServerClosed) {
		log.Fatalf("serve %s: %v", listener.Addr(), err)
	}
	select {} // terminate ends the process when its delay is over
}

// pause reaps what the pod's containers leave behind, as the first process of a shared process namespace must.
func pause() {
	signals := make(chan os.Signal, 8)
	signal.Notify(signals, syscall.SIGCHLD, syscall.SIGTERM, syscall.SIGINT)
	for s := range signals {
		if s != syscall.SIGCHLD {
			return
		}
		for {
			if pid, err := syscall.Wait4(-1, nil, syscall.WNOHANG, nil); pid <= 0 || err != nil {
				break
			}
		}
	}
}

func get(url string) {
	client := http.Client{Timeout: 5 * time.Second}
	response, err := client.Get(url)
	if err != nil {
		log.Fatal(err)
	}
	defer response.Body.Close()
	if _, err := io.Copy(os.Stdout, response.Body); err != nil {
		log.Fatalf("read %s: %v", url, err)
	}
	if response.StatusCode >= http.StatusBadRequest {
		log.Fatalf("get %s: %s", url, response.Status)
	}
}

func crash() {
	for attempt := 1; attempt <= 3; attempt++ {
		time.Sleep(300 * time.Millisecond)
		log.Printf("db: ping failed, attempt %d of 3: Error 1040: Too many connections", attempt)
	}
	log.Print(`fatal: cannot initialise data source "orders" after 3 attempts, exiting with 1`)
	os.Exit(1)
}

func terminate(server *http.Server) {
	signals := make(chan os.Signal, 1)
	signal.Notify(signals, syscall.SIGTERM, syscall.SIGINT)
	for s := range signals {
		if os.Getenv("IGNORE_TERM") == "1" {
			log.Printf("received %s, ignored", s)
			continue
		}
		log.Printf("received %s, draining", s)
		deadline := time.Now().Add(duration("TERM_DELAY", 0))
		ctx, cancel := context.WithDeadline(context.Background(), deadline.Add(5*time.Second))
		_ = server.Shutdown(ctx) // a connection that outlives the deadline is cut by the exit
		cancel()
		time.Sleep(time.Until(deadline))
		log.Print("stopped")
		os.Exit(0)
	}
}

func env(name, otherwise string) string {
	if value := os.Getenv(name); value != "" {
		return value
	}
	return otherwise
}

func duration(name string, otherwise time.Duration) time.Duration {
	value, set := os.LookupEnv(name)
	if !set || value == "" {
		return otherwise
	}
	d, err := time.ParseDuration(value)
	if err != nil {
		log.Fatalf("read %s=%q: want a duration such as 2s", name, value)
	}
	return d
}

func number(text string, otherwise float64) (float64, error) {
	if text == "" {
		return otherwise, nil
	}
	n, err := strconv.ParseFloat(text, 64)
	if err != nil {
		return 0, fmt.Errorf("%q is not a number", text)
	}
	return n, nil
}

func hostname() string {
	name, err := os.Hostname()
	if err != nil {
		return "unknown host"
	}
	return name
}
