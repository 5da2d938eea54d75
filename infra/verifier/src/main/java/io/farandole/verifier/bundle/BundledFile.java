package io.farandole.verifier.bundle;

import io.farandole.verifier.Hash;
import java.util.List;
import java.util.stream.Collectors;

/**
 * A file as a manifest names it.
 *
 * @param name within the bundle, without folders
 * @param size in bytes
 * @param sha256 of its bytes
 */
public record BundledFile(String name, long size, Hash sha256) {

    static BundledFile parse(Members members) {
        return new BundledFile(members.text("name"), members.number("size"), Hash.parse(members.text("sha256")));
    }

    static String json(List<BundledFile> files) {
        return files.stream()
                .map(file -> "{\"name\":" + Json.quoted(file.name) + ",\"size\":" + file.size + ",\"sha256\":\""
                        + file.sha256 + "\"}")
                .collect(Collectors.joining(",\n    ", "[\n    ", "\n  ]"));
    }
}
